"""What the network does in public: campaigns, projects, tools, publications, and trainings that members give."""
